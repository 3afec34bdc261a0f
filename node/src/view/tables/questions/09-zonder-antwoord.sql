-- Vragen die na dertien weken nog geen antwoord hebben.
SELECT 'bericht' AS soort, b.id, b.eigenaar, b.week, m.peilweek_nr - b.week_nr AS weken
FROM berichten b
CROSS JOIN momentopname m
WHERE b.antwoord = 'open' AND m.peilweek_nr - b.week_nr > 13
UNION ALL
SELECT 'signaal', s.id, s.eigenaar, s.week, m.peilweek_nr - s.week_nr
FROM signalen s
CROSS JOIN momentopname m
WHERE s.antwoord = 'open' AND s.staat IN ('gemeld', 'gekoppeld') AND m.peilweek_nr - s.week_nr > 13
ORDER BY weken DESC, eigenaar, id
