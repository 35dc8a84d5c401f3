-- The benefits role has a page of its own now, and needs nobody's whole record. A city that made the
-- role another keeps it as it is. Everybody's change of rights is written down, as by an administrator.

INSERT INTO right_events (organiser_id, id, at, actor, user_id, kind, details)
SELECT DISTINCT ON (g.organiser_id, g.user_id)
       g.organiser_id, gen_random_uuid(), now(), NULL::uuid, g.user_id, 'role_changed',
       jsonb_build_object('role', r.code, 'before', to_jsonb(r.rights),
                          'after', to_jsonb(array_remove(r.rights, 'see_clients')))
FROM grants g JOIN roles r ON r.organiser_id = g.organiser_id AND r.code = g.role
WHERE r.code = 'benefits' AND r.rights @> ARRAY['see_clients', 'override_ceiling']
  AND r.rights <@ ARRAY['see_clients', 'override_ceiling'];

UPDATE roles SET rights = array_remove(rights, 'see_clients')
WHERE code = 'benefits' AND rights @> ARRAY['see_clients', 'override_ceiling']
  AND rights <@ ARRAY['see_clients', 'override_ceiling'];
