-- Per belemmering en thema: wat er veranderde waardoor zij wegging, bij hoeveel signalen.
WITH geleerd AS (
    SELECT v.van AS les, s.id AS signaal, s.belemmering
    FROM verwijzingen v
    JOIN signalen s ON s.id = v.naar
    WHERE v.veld = 'uit' AND v.naar_soort = 'signaal' AND s.belemmering IS NOT NULL
    UNION ALL
    SELECT v.van, s.id, s.belemmering
    FROM verwijzingen v
    JOIN signalen s ON s.knelpunt = v.naar
    WHERE v.veld = 'uit' AND v.naar_soort = 'knelpunt' AND s.belemmering IS NOT NULL
)
SELECT g.belemmering, t.thema, l.niveau, l.gewijzigd_artefact, count(DISTINCT g.les) AS lessen,
    count(DISTINCT g.signaal) AS signalen
FROM geleerd g
JOIN lessen l ON l.id = g.les
JOIN record_themas t ON t.record = g.signaal
WHERE l.staat = 'doorgevoerd'
GROUP BY g.belemmering, t.thema, l.niveau, l.gewijzigd_artefact
ORDER BY g.belemmering, t.thema, l.niveau NULLS FIRST, l.gewijzigd_artefact NULLS FIRST
