-- Where the joint plan needs somebody on a list, or their coach, more.

ALTER TABLE proposal_rows ADD COLUMN elsewhere jsonb;
