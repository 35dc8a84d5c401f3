-- Nothing goes sooner than the law lets it, nor stays longer: whatever writes the row. Rows from before
-- are left alone until somebody changes them.

ALTER TABLE figures ADD CONSTRAINT retention_within_law CHECK (kind <> 'retention' OR CASE key
    WHEN 'draft' THEN amount BETWEEN 7 AND 90
    WHEN 'answer' THEN amount BETWEEN 1 AND 7
    WHEN 'message' THEN amount BETWEEN 1 AND 30
    WHEN 'near_miss' THEN amount BETWEEN 30 AND 365
    WHEN 'proposal' THEN amount BETWEEN 30 AND 365
    WHEN 'offer' THEN amount BETWEEN 30 AND 365
    WHEN 'withdrawal' THEN amount BETWEEN 30 AND 365
    WHEN 'delivery' THEN amount BETWEEN 180 AND 730
    WHEN 'reply' THEN amount BETWEEN 30 AND 365
    WHEN 'feedback' THEN amount BETWEEN 90 AND 1095
    WHEN 'incident' THEN amount BETWEEN 1827 AND 3650
    WHEN 'place' THEN amount BETWEEN 365 AND 1825
    WHEN 'photo' THEN amount BETWEEN 365 AND 1825
    WHEN 'contact' THEN amount BETWEEN 90 AND 1095
    WHEN 'orderer' THEN amount BETWEEN 365 AND 1825
    WHEN 'client' THEN amount BETWEEN 3650 AND 3650
    WHEN 'pay' THEN amount BETWEEN 3650 AND 4015
    WHEN 'look' THEN amount BETWEEN 4380 AND 4380
    ELSE amount > 0
END) NOT VALID;
