-- The first wall: no row of another organiser is ever seen or written, whatever a statement says.
-- Without an organiser told in this transaction there are no rows at all, never an error (I15, I16).
-- The setting reads '' once it was set locally on this connection, hence nullif.

CREATE FUNCTION raise_organiser_wall(wanted regclass, key text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    within constant text := format(
        '%I = (SELECT nullif(current_setting(''jc.organiser'', true), '''')::bigint)', key);
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', wanted);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', wanted);
    EXECUTE format('CREATE POLICY organiser_wall ON %s TO jobcenter_read, jobcenter_act '
                   'USING (%s) WITH CHECK (%s)', wanted, within, within);
    -- Migrations, the seed and the invariants look across organisers.
    EXECUTE format('CREATE POLICY owner_passes ON %s TO CURRENT_USER USING (true) WITH CHECK (true)',
                   wanted);
END $$;

SELECT raise_organiser_wall(format('%I', table_name)::regclass, 'organiser_id')
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND column_name = 'organiser_id' AND table_type = 'BASE TABLE';
SELECT raise_organiser_wall('organisers', 'id');
