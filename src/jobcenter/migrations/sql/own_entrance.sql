-- How to find in on this order's day, where that is not as the place's passport tells it.
ALTER TABLE orders ADD COLUMN entrance text NOT NULL DEFAULT '';
