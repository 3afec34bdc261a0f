-- Wie wat van wie overnam, hoe het aangepast is en wat eruit kwam.
SELECT o.eigenaar AS overnemer, r.eigenaar AS van_wie, r.soort, r.titel, t.tekst AS aanpassing, o.uitkomst, o.staat
FROM overnames o
LEFT JOIN records r ON r.id = o.van
LEFT JOIN teksten t ON t.record = o.id AND t.veld = 'aanpassing'
ORDER BY o.eigenaar, o.id
