-- Knelpunten die in drie of meer gemeenten spelen, en hoeveel signalen er bij horen.
SELECT k.id, k.titel, k.staat, count(*) AS aantal_gemeenten, sum(g.signalen) AS signalen
FROM knelpunt_gemeenten g
JOIN knelpunten k ON k.id = g.knelpunt
WHERE k.staat <> 'samengevoegd_met'
GROUP BY k.id, k.titel, k.staat
HAVING count(*) >= 3
ORDER BY aantal_gemeenten DESC, signalen DESC, k.id
