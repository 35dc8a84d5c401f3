-- An offer is kept for working days: the days stand with the notice, beside its quiet hours.
ALTER TABLE notices ADD COLUMN workdays_only boolean NOT NULL DEFAULT false;
