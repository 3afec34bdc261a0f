-- Per belemmering en thema: wat er veranderde waardoor zij wegging, bij hoeveel signalen.
WITH geleerd AS (
    SELECT v.van AS les, v.naar AS signaal
    FROM verwijzingen v
    WHERE v.veld = 'uit' AND v.naar_soort = 'signaal'
    UNION
    SELECT v.van, s.id
    FROM verwijzingen v
    JOIN signalen s ON s.knelpunt = v.naar
    WHERE v.veld = 'uit' AND v.naar_soort = 'knelpunt'
)
SELECT s.belemmering, t.thema, l.niveau, l.gewijzigd_artefact, count(DISTINCT l.id) AS lessen,
    count(DISTINCT s.id) AS signalen
FROM geleerd g
JOIN lessen l ON l.id = g.les
JOIN signalen s ON s.id = g.signaal
JOIN record_themas t ON t.record = s.id
WHERE l.staat = 'doorgevoerd' AND s.belemmering IS NOT NULL
GROUP BY s.belemmering, t.thema, l.niveau, l.gewijzigd_artefact
ORDER BY s.belemmering, t.thema, l.niveau NULLS FIRST, l.gewijzigd_artefact NULLS FIRST
