-- Knelpunten die opgelost waren en terugkwamen, en na hoeveel weken.
SELECT k.id, k.titel, t.opgelost, t.terug, t.terug_nr - t.opgelost_nr AS weken, k.staat
FROM knelpunt_terugkeer t
JOIN knelpunten k ON k.id = t.knelpunt
ORDER BY t.terug_nr DESC, k.id, t.opgelost_nr
