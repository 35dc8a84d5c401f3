-- The wall around the new tables. Keys are listed to their owner; sign-ins under way and counts are
-- read and written by actions only.
SELECT raise_organiser_wall('passkeys', 'organiser_id');
SELECT raise_organiser_wall('attempts', 'organiser_id');
SELECT raise_organiser_wall('tries', 'organiser_id');

GRANT SELECT ON passkeys, attempts, tries TO jobcenter_read, jobcenter_act;
GRANT INSERT, UPDATE, DELETE ON passkeys TO jobcenter_act;
GRANT INSERT, UPDATE, DELETE ON attempts, tries TO jobcenter_act;
