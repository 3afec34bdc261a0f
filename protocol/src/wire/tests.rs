//! One value has one encoding, and limits hold at, below and above.

use super::*;

#[test]
fn numbers_are_read_back_in_their_shortest_form() {
    for value in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
        let mut out = Writer::new();
        out.number(value);
        let bytes = out.finish();
        assert_eq!(Reader::new(&bytes).number("n", u64::MAX), Ok(value));
    }
    for padded in [&[0x80, 0x00][..], &[0xff, 0x80, 0x00], &[0xff; 10]] {
        assert!(matches!(
            Reader::new(padded).number("n", u64::MAX),
            Err(ReadError::Form { .. })
        ));
    }
}

#[test]
fn limits_hold_at_below_and_above() {
    for (len, fits) in [(9, true), (10, true), (11, false)] {
        let mut out = Writer::new();
        out.bytes(&vec![7; len]);
        let bytes = out.finish();
        assert_eq!(Reader::new(&bytes).bytes("b", 10).is_ok(), fits);
    }
}

#[test]
fn unknown_fields_are_kept_and_written_again() {
    let mut fields = Fields::new();
    fields.set(1, *b"known").set(900, *b"from the future");
    let mut out = Writer::new();
    fields.write(&mut out);
    let bytes = out.finish();
    let read = Fields::read(&mut Reader::new(&bytes), 4, 64).unwrap();
    let mut again = Writer::new();
    read.write(&mut again);
    assert_eq!(again.finish(), bytes);
}

#[test]
fn fields_out_of_order_or_twice_are_refused() {
    for bytes in [&[2, 5, 0, 4, 0][..], &[2, 5, 0, 5, 0]] {
        assert!(matches!(
            Fields::read(&mut Reader::new(bytes), 4, 64),
            Err(ReadError::Form { .. })
        ));
    }
}

#[test]
fn a_length_without_its_bytes_is_refused_before_anything_is_copied() {
    let read = Reader::new(&[0xff, 0xff, 0xff, 0x7f, 1])
        .bytes("b", usize::MAX)
        .map(<[u8]>::len);
    assert!(matches!(read, Err(ReadError::Short { .. })));
}
