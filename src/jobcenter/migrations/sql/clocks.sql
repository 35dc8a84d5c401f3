-- What is told of places, and whom a worker met, runs out too: the assumed days for whoever is here.

INSERT INTO figures (organiser_id, id, kind, key, amount, valid_from, source, standing)
SELECT o.id, gen_random_uuid(), 'retention', c.code, 730, '2020-01-01',
       'GDPR 5(1)(e): no longer than the purpose needs', 'assumed'
FROM organisers o, (VALUES ('place'), ('photo'), ('contact')) AS c (code)
ON CONFLICT DO NOTHING;
