-- Roles and employers of record retire, and are never deleted; nobody gets what has retired.

ALTER TABLE roles ADD COLUMN active boolean NOT NULL DEFAULT true;
ALTER TABLE employers ADD COLUMN active boolean NOT NULL DEFAULT true;

CREATE FUNCTION grant_is_of_a_role_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    in_use boolean;
BEGIN
    SELECT active INTO in_use FROM roles
    WHERE organiser_id = NEW.organiser_id AND code = NEW.role FOR SHARE;
    IF NOT in_use THEN
        PERFORM broken_promise('role_is_in_use', 'this role has retired');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grant_is_of_a_role_in_use BEFORE INSERT ON grants
    FOR EACH ROW EXECUTE FUNCTION grant_is_of_a_role_in_use();

CREATE FUNCTION role_retires_unused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM grants WHERE organiser_id = NEW.organiser_id AND role = NEW.code) THEN
        PERFORM broken_promise('role_is_nobodys', 'somebody has this role');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_retires_unused BEFORE UPDATE OF active ON roles FOR EACH ROW
    WHEN (OLD.active AND NOT NEW.active) EXECUTE FUNCTION role_retires_unused();

CREATE FUNCTION party_has_an_employer_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    in_use boolean;
BEGIN
    SELECT active INTO in_use FROM employers
    WHERE organiser_id = NEW.organiser_id AND id = NEW.employer_id FOR SHARE;
    IF NOT in_use THEN
        PERFORM broken_promise('employer_is_in_use', 'this employer has retired');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER party_has_an_employer_in_use BEFORE INSERT OR UPDATE OF employer_id ON parties
    FOR EACH ROW WHEN (NEW.employer_id IS NOT NULL)
    EXECUTE FUNCTION party_has_an_employer_in_use();

CREATE FUNCTION employer_retires_unused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM parties
               WHERE organiser_id = NEW.organiser_id AND employer_id = NEW.id) THEN
        PERFORM broken_promise('employer_is_nobodys', 'somebody orders with this employer');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER employer_retires_unused BEFORE UPDATE OF active ON employers FOR EACH ROW
    WHEN (OLD.active AND NOT NEW.active) EXECUTE FUNCTION employer_retires_unused();
