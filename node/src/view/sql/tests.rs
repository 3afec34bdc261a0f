//! What a question may touch, what it is given, and in `wrong` what is said of one that cannot be answered.

mod wrong;

use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use super::allowed::{FUNCTIONS, Readable, TABLE_FUNCTIONS};
use super::engine::Engine;
use super::fault::Refused;
use super::{Answer, Asked, BYTES_MAX, Fault, Found, Parameters, SQL_BYTES_MAX};
use crate::scratch::Scratch;

const SNAPSHOT: &str = "0303030303030303030303030303030303030303030303030303030303030303";
const TABLES: &str = "
    PRAGMA journal_mode = WAL;
    CREATE TABLE meta (naam TEXT PRIMARY KEY, waarde BLOB NOT NULL);
    CREATE TABLE momentopname (peilweek TEXT, snapshot TEXT);
    CREATE TABLE signalen (id TEXT NOT NULL, thema TEXT, aantal INTEGER, geheim TEXT, PRIMARY KEY (id)) STRICT, WITHOUT ROWID;
    CREATE TABLE knelpunten (id TEXT NOT NULL, titel TEXT, PRIMARY KEY (id)) STRICT;
    CREATE TABLE records (id TEXT NOT NULL, PRIMARY KEY (id)) STRICT, WITHOUT ROWID;
    INSERT INTO records VALUES ('a'), ('b'), ('c'), ('k');
    CREATE TABLE intern (id TEXT NOT NULL, tekst TEXT);
    CREATE VIEW spiegel AS SELECT tekst FROM intern;
    INSERT INTO signalen VALUES ('a', 'wonen', 1, 'x'), ('b', 'jeugd', 2, 'x'), ('c', 'wonen', 3, 'x');
    INSERT INTO knelpunten VALUES ('k', 'Zonder adres geen uitkering');
    INSERT INTO intern VALUES ('i', 'van niemand anders');
";

struct Room {
    _scratch: Scratch,
    engine: Engine,
    path: std::path::PathBuf,
}

fn readable() -> Readable {
    Readable::new([
        ("signalen", vec!["id", "thema", "aantal"]),
        ("knelpunten", vec!["id", "titel"]),
    ])
}

fn room() -> Room {
    let scratch = Scratch::new("sql");
    let path = scratch.path().join("view.sqlite");
    let writer = Room::open(&path);
    writer.execute_batch(TABLES).unwrap();
    let shown = "INSERT INTO momentopname VALUES ('2026-W53', ?1)";
    writer.execute(shown, [SNAPSHOT]).unwrap();
    let engine = Engine::open(&path, readable(), None).unwrap();
    Room {
        _scratch: scratch,
        engine,
        path,
    }
}

fn asked(sql: &str) -> Asked {
    Asked {
        sql: sql.to_owned(),
        parameters: Parameters::default(),
        rows: 100,
        bytes: BYTES_MAX,
        ms: 20_000,
        found: None,
    }
}

impl Room {
    fn answer(&self, sql: &str) -> Answer {
        self.engine
            .answer(&asked(sql))
            .unwrap_or_else(|fault| panic!("{sql}: {fault:?}"))
    }

    fn rows(&self, sql: &str) -> Value {
        serde_json::from_slice(&self.answer(sql).rows).unwrap()
    }

    fn fault(&self, sql: &str) -> Fault {
        match self.engine.answer(&asked(sql)) {
            Ok(answer) => panic!("{sql}: {}", String::from_utf8_lossy(&answer.rows)),
            Err(fault) => fault,
        }
    }

    fn open(path: &Path) -> Connection {
        Connection::open(path).unwrap()
    }
}

#[test]
fn a_question_is_answered_with_its_columns_and_rows() {
    let room = room();
    let answer =
        room.answer("SELECT thema, count(*) AS hoeveel, avg(aantal) FROM signalen GROUP BY thema ORDER BY thema");
    assert_eq!(answer.columns, ["thema", "hoeveel", "avg(aantal)"]);
    assert_eq!(answer.rows, br#"[["jeugd",1,2.0],["wonen",2,2.0]]"#);
    assert_eq!((answer.count, answer.cut), (2, false));
    let shown = (answer.shown.peilweek, answer.shown.snapshot);
    assert_eq!(shown, ("2026-W53".parse().ok(), SNAPSHOT.parse().ok()));
    assert_eq!(room.rows("SELECT count(*) FROM signalen; -- dat was het"), json!([[3]]));
    assert_eq!(room.rows("SELECT 1 WHERE 0"), json!([]));
    let nested = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT sum(i) FROM n";
    assert_eq!(room.rows(nested), json!([[10]]));
}

#[test]
fn values_come_as_they_are() {
    let room = room();
    let sql =
        "SELECT NULL, 1 = 1, -0.5, 9e999, -9e999, x'00ff', 'één' || char(0) || '😀' || char(8238), 9007199254740993";
    let expected = json!([[
        null,
        1,
        -0.5,
        "Inf",
        "-Inf",
        "00ff",
        "één\u{0}😀\u{202e}",
        9_007_199_254_740_993_i64
    ]]);
    assert_eq!(room.rows(sql), expected);
    // Bytes that are no text.
    assert_eq!(room.rows("SELECT CAST(x'61ff' AS TEXT)"), json!([["a\u{fffd}"]]));
}

#[test]
fn places_take_values_by_number_and_by_name() {
    let room = room();
    let with = |sql: &str, parameters: Value| {
        let parameters = serde_json::from_value(parameters).unwrap();
        let answer = room.engine.answer(&Asked {
            parameters,
            ..asked(sql)
        })?;
        Ok::<Value, Fault>(serde_json::from_slice(&answer.rows).unwrap())
    };
    let listed = with(
        "SELECT id FROM signalen WHERE thema = ?1 AND aantal > ?2",
        json!(["wonen", 1]),
    );
    assert_eq!(listed, Ok(json!([["c"]])));
    let several = "SELECT id FROM signalen WHERE thema IN (SELECT value FROM json_each(:themas)) ORDER BY id";
    assert_eq!(
        with(several, json!({"themas": ["jeugd", "wonen"]})),
        Ok(json!([["a"], ["b"], ["c"]]))
    );
    assert_eq!(
        with("SELECT ?1, ?2, ?3", json!([null, true, 0.5])),
        Ok(json!([[null, 1, 0.5]]))
    );
    let wanted = Fault::Parameters { wanted: 1, given: 0 };
    assert_eq!(with("SELECT ?1", json!([])), Err(wanted));
    assert_eq!(
        with("SELECT 1", json!([2])),
        Err(Fault::Parameters { wanted: 0, given: 1 })
    );
    let name = "thema".to_owned();
    assert_eq!(
        with("SELECT :thema", json!({"tema": 1})),
        Err(Fault::NoParameter { name })
    );
    // A value is never read as SQL.
    let quoted = with("SELECT count(*) FROM signalen WHERE id = ?1", json!(["' OR 1=1 --"]));
    assert_eq!(quoted, Ok(json!([[0]])));
}

#[test]
fn nothing_but_reading_is_possible() {
    let room = room();
    let refused = |refused: Refused| Fault::Refused(refused);
    for sql in [
        "INSERT INTO signalen (id) VALUES ('z')",
        "UPDATE signalen SET thema = 'x'",
        "DELETE FROM signalen",
        "REPLACE INTO signalen (id) VALUES ('z')",
        "WITH x AS (SELECT 1) DELETE FROM signalen",
        "CREATE TABLE x (y)",
        "CREATE TEMP TABLE x (y)",
        "CREATE TEMP VIEW x AS SELECT 1",
        "CREATE VIRTUAL TABLE x USING fts5(y)",
        "DROP TABLE signalen",
        "ALTER TABLE signalen RENAME TO x",
        "CREATE INDEX x ON signalen (thema)",
        "CREATE TRIGGER x AFTER INSERT ON signalen BEGIN SELECT 1; END",
        "REINDEX",
        "ANALYZE",
        "BEGIN",
        "COMMIT",
        "SAVEPOINT x",
        "EXPLAIN SELECT 1",
        "VACUUM",
    ] {
        assert_eq!(room.fault(sql), refused(Refused::Write), "{sql}");
    }
    for sql in [
        "ATTACH '/etc/passwd' AS x",
        "ATTACH ':memory:' AS x",
        "DETACH main",
        "VACUUM INTO '/tmp/x'",
    ] {
        let fault = room.fault(sql);
        assert!(
            matches!(fault, Fault::Refused(Refused::Attach | Refused::Write)),
            "{sql}: {fault:?}"
        );
    }
    for name in [
        "writable_schema",
        "hard_heap_limit",
        "query_only",
        "temp_store_directory",
        "table_info",
        "journal_mode",
    ] {
        for sql in [format!("PRAGMA {name} = 1"), format!("PRAGMA {name}")] {
            assert_eq!(room.fault(&sql), refused(Refused::Pragma(name.to_owned())), "{sql}");
        }
    }
    let whole = Room::open(&room.path);
    let count = |table: &str| whole.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
    assert_eq!(
        (count("signalen"), count("sqlite_schema WHERE name = 'x'")),
        (Ok(3), Ok(0))
    );
}

#[test]
fn nothing_but_the_tables_for_everybody_is_read() {
    let room = room();
    let table = |name: &str| {
        let name = name.to_owned();
        move |fault: &Fault| matches!(fault, Fault::NoTable { name: found, .. } if *found == name)
    };
    for (sql, name) in [
        ("SELECT tekst FROM intern", "intern"),
        ("SELECT count(*) FROM intern", "intern"),
        ("SELECT * FROM main.meta", "meta"),
        ("SELECT (SELECT tekst FROM intern)", "intern"),
        ("SELECT id FROM signalen UNION SELECT tekst FROM intern", "intern"),
        ("SELECT 1 FROM signalen WHERE EXISTS (SELECT 1 FROM intern)", "intern"),
        // Whoever asks by way of a name of their own is not believed.
        (
            "WITH signalen AS (SELECT tekst FROM intern) SELECT * FROM signalen",
            "intern",
        ),
        ("SELECT * FROM (SELECT tekst FROM intern) AS signalen", "intern"),
        ("SELECT * FROM spiegel", "intern"),
        ("SELECT count(*) FROM spiegel", "intern"),
        ("SELECT count(*) FROM sqlite_schema", "sqlite_schema"),
        ("SELECT count(*) FROM dbstat", "dbstat"),
        ("SELECT count(*) FROM pragma_function_list", "pragma_function_list"),
        ("SELECT sql FROM sqlite_master", "sqlite_master"),
        ("SELECT sql FROM sqlite_schema", "sqlite_master"),
        ("SELECT * FROM sqlite_temp_schema", "sqlite_temp_master"),
        ("SELECT * FROM pragma_table_info('signalen')", "pragma_table_info"),
        ("SELECT * FROM dbstat", "dbstat"),
        ("SELECT * FROM pragma_database_list", "pragma_database_list"),
        // Nobody is asked about a column that two tables are joined by.
        ("SELECT 1 FROM (SELECT 'x' AS tekst) NATURAL JOIN intern", "intern"),
        ("SELECT 1 FROM (SELECT 'x' AS tekst) NATURAL LEFT JOIN intern", "intern"),
        (
            "SELECT tekst FROM (SELECT 'x' AS tekst) JOIN intern USING (tekst)",
            "intern",
        ),
        ("SELECT 1 FROM (SELECT 'x' AS tekst) NATURAL JOIN spiegel", "intern"),
        (
            "SELECT 1 FROM (SELECT 'intern' AS name) NATURAL JOIN sqlite_schema",
            "sqlite_schema",
        ),
    ] {
        let fault = room.fault(sql);
        assert!(
            table(name)(&fault) || matches!(fault, Fault::Refused(_)),
            "{sql}: {fault:?}"
        );
    }
    for (sql, name) in [
        ("SELECT geheim FROM signalen", "geheim"),
        ("SELECT 1 FROM signalen ORDER BY geheim", "geheim"),
        ("SELECT * FROM signalen", "geheim"),
        // The order in which things arrived.
        ("SELECT rowid FROM knelpunten", "ROWID"),
    ] {
        let fault = room.fault(sql);
        assert!(
            matches!(&fault, Fault::NoColumn { name: found, .. } if found == name),
            "{sql}: {fault:?}"
        );
    }
    assert_eq!(
        room.rows("SELECT id FROM SIGNALEN WHERE Thema = 'jeugd'"),
        json!([["b"]])
    );
}

#[test]
fn no_function_reads_a_file_the_clock_or_chance() {
    let room = room();
    for (sql, refused) in [
        ("SELECT date('now')", Refused::Clock("date".to_owned())),
        ("SELECT strftime('%Y', 'now')", Refused::Clock("strftime".to_owned())),
        (
            "SELECT CURRENT_TIMESTAMP",
            Refused::Clock("current_timestamp".to_owned()),
        ),
        (
            "SELECT id FROM signalen ORDER BY random()",
            Refused::Chance("random".to_owned()),
        ),
        ("SELECT randomblob(9)", Refused::Chance("randomblob".to_owned())),
        (
            "SELECT load_extension('/tmp/x.so')",
            Refused::Function("load_extension".to_owned()),
        ),
        (
            "SELECT fts3_tokenizer('simple')",
            Refused::Function("fts3_tokenizer".to_owned()),
        ),
        (
            "SELECT sqlite_version()",
            Refused::Function("sqlite_version".to_owned()),
        ),
        (
            "SELECT last_insert_rowid()",
            Refused::Function("last_insert_rowid".to_owned()),
        ),
    ] {
        assert_eq!(room.fault(sql), Fault::Refused(refused), "{sql}");
    }
    for sql in [
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('/tmp/x', 'y')",
        "SELECT edit('x')",
        "SELECT eval('SELECT 1')",
    ] {
        assert!(matches!(room.fault(sql), Fault::NoFunction { .. }), "{sql}");
    }
}

#[test]
fn every_function_that_is_allowed_is_there() {
    let room = room();
    let (connection, guard) = room.engine.connection();
    guard.own(|| {
        for name in FUNCTIONS {
            let query = "SELECT count(*) FROM pragma_function_list WHERE name = ?1";
            let known = connection.query_row(query, [name], |row| row.get::<_, i64>(0)).unwrap();
            assert!(known > 0 || TABLE_FUNCTIONS.contains(name), "{name}");
        }
    });
}

#[test]
fn what_never_ends_is_stopped_in_time() {
    let room = room();
    let endless = [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT 1 FROM n WHERE i = 2",
        "WITH n(i) AS (SELECT value FROM json_each('[1,2,3,4,5,6,7,8,9,10]')) SELECT count(*) \
         FROM n a, n b, n c, n d, n e, n f, n g, n h, n j, n k, n l, n m WHERE a.i + b.i + c.i < 0",
    ];
    for sql in endless {
        let fault = room.engine.answer(&Asked { ms: 100, ..asked(sql) });
        assert_eq!(fault, Err(Fault::Late { ms: 100 }), "{sql}");
    }
    // The connection goes on.
    assert_eq!(room.rows("SELECT 1"), json!([[1]]));
}

#[test]
fn an_answer_has_a_bounded_number_of_rows_and_bytes() {
    let room = room();
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT i FROM n";
    let of = |rows, bytes| {
        room.engine
            .answer(&Asked {
                rows,
                bytes,
                ..asked(numbers)
            })
            .unwrap()
    };
    let (few, all) = (of(3, 1_000), of(100, 1_000));
    assert_eq!(
        (few.count, few.cut, few.rows.as_slice()),
        (3, true, b"[[1],[2],[3]]".as_slice())
    );
    assert_eq!((all.count, all.cut), (100, false));
    let short = of(100, 16);
    assert!(short.cut && short.rows.len() <= 17, "{}", short.rows.len());
    assert_eq!(
        serde_json::from_slice::<Value>(&short.rows).unwrap(),
        json!([[1], [2], [3], [4]])
    );
}

#[test]
fn what_is_too_large_is_refused_before_it_is_made() {
    let room = room();
    for sql in [
        "SELECT printf('%.*c', 1000000000, 'x')",
        "SELECT zeroblob(1000000000)",
        "SELECT replace(hex(zeroblob(400000)), '0', 'xxxx')",
        "SELECT group_concat(hex(zeroblob(100000))) FROM signalen a, signalen b, signalen c",
        "SELECT json_group_array(hex(zeroblob(100000))) FROM signalen a, signalen b, signalen c",
    ] {
        assert_eq!(room.fault(sql), Fault::Value { bytes: 1_000_000 }, "{sql}");
    }
    assert_eq!(
        room.fault(&format!("SELECT '{}'", "x".repeat(SQL_BYTES_MAX))),
        Fault::Long
    );
    assert_eq!(room.fault("SELECT 'a\0b'"), Fault::Nul);
    for sql in [
        format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("SELECT 1{}", "+1".repeat(5_000)),
        format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(500)),
        format!("SELECT 1{}", ",1".repeat(5_000)),
        format!("SELECT 'a' LIKE '{}'", "%a".repeat(600)),
        format!("SELECT 1 FROM signalen{}", ", signalen".repeat(70)),
    ] {
        assert!(matches!(room.fault(&sql), Fault::Said { .. }), "{}", &sql[..40]);
    }
}

#[test]
fn a_question_sees_one_state_while_the_view_is_written() {
    let room = room();
    let writer = Room::open(&room.path);
    writer
        .execute_batch("BEGIN; DELETE FROM signalen WHERE id = 'a'")
        .unwrap();
    assert_eq!(room.rows("SELECT count(*) FROM signalen"), json!([[3]]));
    writer.execute_batch("COMMIT").unwrap();
    assert_eq!(room.rows("SELECT count(*) FROM signalen"), json!([[2]]));
    // No question is left open behind its answer: the log beside the view can be emptied.
    assert!(crate::view::schema::empty_log(&writer).unwrap());
    writer
        .execute_batch("ALTER TABLE signalen RENAME COLUMN geheim TO thema2")
        .unwrap();
    assert!(matches!(
        room.fault("SELECT thema2 FROM signalen"),
        Fault::NoColumn { .. }
    ));
}

#[test]
fn what_full_text_found_is_a_table_for_one_question_of_what_is_still_there() {
    let room = room();
    let found = |id: &str, score| Found {
        id: id.to_owned(),
        score,
    };
    let with = |sql: &str| {
        room.engine.answer(&Asked {
            found: Some(vec![found("c", 9), found("gone", 8), found("a", 7), found("c", 7)]),
            ..asked(sql)
        })
    };
    let rows = |sql: &str| -> Value { serde_json::from_slice(&with(sql).unwrap().rows).unwrap() };
    let joined = "SELECT g.rang, s.id, g.score FROM gevonden g JOIN signalen s ON s.id = g.id ORDER BY g.rang";
    assert_eq!(rows(joined), json!([[1, "c", 9], [2, "a", 7]]));
    assert_eq!(
        rows("SELECT count(*) FROM signalen NATURAL JOIN gevonden"),
        json!([[2]])
    );
    for refused in ["DELETE FROM gevonden", "CREATE TEMP TABLE x (a)"] {
        assert!(matches!(with(refused), Err(Fault::Refused(_))), "{refused}");
    }
    let hidden = with("SELECT * FROM temp.sqlite_schema");
    assert!(matches!(hidden, Err(Fault::NoTable { .. })), "{hidden:?}");
    // It is of that question alone.
    assert!(matches!(room.fault("SELECT * FROM gevonden"), Fault::NoTable { .. }));
    assert!(
        room.fault("SELECT * FROM gevonden")
            .hint()
            .unwrap()
            .nl
            .contains("--search")
    );
    assert!(matches!(
        room.fault("CREATE TEMP TABLE x (a)"),
        Fault::Refused(Refused::Write)
    ));
}
