-- The log of the lists is only added to: a change takes effect, or is taken back, once.

CREATE FUNCTION list_change_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    steps constant text[] := ARRAY['applied_at', 'undone_at'];
BEGIN
    IF TG_OP <> 'UPDATE'
       OR to_jsonb(NEW) - steps IS DISTINCT FROM to_jsonb(OLD) - steps
       OR (OLD.applied_at IS NOT NULL AND NEW.applied_at IS DISTINCT FROM OLD.applied_at)
       OR (OLD.undone_at IS NOT NULL AND NEW.undone_at IS DISTINCT FROM OLD.undone_at) THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'list_changes is append-only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER list_change_stays BEFORE UPDATE OR DELETE ON list_changes
    FOR EACH ROW EXECUTE FUNCTION list_change_stays();
CREATE TRIGGER list_change_not_emptied BEFORE TRUNCATE ON list_changes
    FOR EACH STATEMENT EXECUTE FUNCTION history_stays();
