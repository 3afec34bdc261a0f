-- Wat onmogelijk leek en mogelijk bleek, met de bron.
SELECT d.id, d.eigenaar, d.titel, d.oordeel, b.type, b.verwijzing
FROM duidingen d
JOIN duiding_bronnen b ON b.duiding = d.id
WHERE d.werd_gedacht = 'kan_niet'
  AND d.oordeel IN ('kan', 'kan_onder_voorwaarden')
  AND d.staat NOT IN ('vervangen', 'verlopen')
ORDER BY d.id, b.nr
