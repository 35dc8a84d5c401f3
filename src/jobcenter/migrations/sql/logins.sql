-- The two logins of the service. Neither owns anything, neither may pass a wall. Their passwords
-- and LOGIN come from `jobcenter migrate`; the names are the same in every database of a server.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'jobcenter_read') THEN
        CREATE ROLE jobcenter_read NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'jobcenter_act') THEN
        CREATE ROLE jobcenter_act NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
END $$;

GRANT USAGE ON SCHEMA public TO jobcenter_read, jobcenter_act;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO jobcenter_read, jobcenter_act;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO jobcenter_act;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO jobcenter_act;
REVOKE UPDATE, DELETE ON looks, gig_events, order_events, earnings_entries FROM jobcenter_act;
REVOKE INSERT, UPDATE, DELETE ON status_moves, districts, organisers, alembic_version FROM jobcenter_act;
