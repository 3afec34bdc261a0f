-- Weken van signaal tot de eerste duiding van het signaal of zijn knelpunt, per grootteklasse.
-- Was de duiding er al, dan telt nul weken. Het gemiddelde is afgerond in hele tienden: zo rondt elke database gelijk af.
WITH geduid AS (
    SELECT s.eigenaar, s.week_nr,
        CASE WHEN k.eerste_duiding_nr IS NULL OR s.eerste_duiding_nr <= k.eerste_duiding_nr
            THEN s.eerste_duiding_nr ELSE k.eerste_duiding_nr END AS duiding_nr
    FROM signalen s
    LEFT JOIN knelpunten k ON k.id = s.knelpunt
), duur AS (
    SELECT eigenaar, CASE WHEN duiding_nr < week_nr THEN 0 ELSE duiding_nr - week_nr END AS weken
    FROM geduid
    WHERE duiding_nr IS NOT NULL
)
SELECT g.grootteklasse, count(*) AS signalen,
    round(round(10.0 * sum(d.weken) / count(*)) / 10, 1) AS gemiddeld_weken,
    min(d.weken) AS kortst, max(d.weken) AS langst
FROM duur d
JOIN gemeenten g ON g.code = d.eigenaar
GROUP BY g.grootteklasse
ORDER BY g.grootteklasse NULLS FIRST
