-- From how much work of a kind on a card is asked for, also where the orderer does not ask.

CREATE TABLE counter_rules (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    unit text NOT NULL,
    per text NOT NULL,
    threshold integer NOT NULL,
    warn_at integer[] NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    source text NOT NULL,
    standing text NOT NULL,
    CONSTRAINT counter_rules_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT counter_unit_is_known CHECK (unit IN ('days', 'hours')),
    CONSTRAINT counter_per_is_known CHECK (per IN ('year', 'ever')),
    CONSTRAINT counter_threshold_is_some CHECK (threshold > 0),
    CONSTRAINT counter_rule_lasts CHECK (valid_to IS NULL OR valid_from < valid_to),
    CONSTRAINT counter_standing_is_known CHECK (standing IN ('assumed', 'confirmed')),
    CONSTRAINT counter_rules_organiser_id_code_valid_from_key
        UNIQUE (organiser_id, code, valid_from),
    CONSTRAINT counter_rules_organiser_id_fkey
        FOREIGN KEY (organiser_id) REFERENCES organisers (id)
);
INSERT INTO counter_rules
SELECT o.id, gen_random_uuid(), r.code, 'days', r.per, 90, '{60,80}', '2020-01-01', NULL,
       r.source || ', to be confirmed by the city', 'assumed'
FROM organisers o,
     (VALUES ('HP', 'ever', 'Three months of food work, all spells added'),
             ('RC', 'year', 'Three months a year with elderly or disabled people')
     ) AS r (code, per, source);
