//! How the connection to PostgreSQL is encrypted, and whom it trusts: as `sslmode` says, in the words of libpq.
//!
//! `prefer` and `require` encrypt without asking who is there, as they do in `psql`; `verify-full` asks, with the certificates that
//! the system trusts or those of `sslrootcert`.

use std::path::PathBuf;
use std::sync::Arc;

use postgres::config::SslMode;
use protocol::api::Message;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::command_error::CommandError;
use crate::exit::Exit;

/// What an address says of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    mode: Option<String>,
    roots: Option<PathBuf>,
}

/// Takes what is about encryption out of an address.
pub(super) fn split(address: &str) -> (String, Wanted) {
    let Some((place, query)) = address.split_once('?') else {
        return (address.to_owned(), Wanted::default());
    };
    let mut wanted = Wanted::default();
    let mut rest = Vec::new();
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", mode)) => wanted.mode = Some(mode.to_owned()),
            Some(("sslrootcert", file)) => wanted.roots = Some(file.replace("%2F", "/").into()),
            _ => rest.push(pair),
        }
    }
    (format!("{place}?{}", rest.join("&")), wanted)
}

impl Wanted {
    /// How to connect.
    pub(super) fn connector(&self) -> Result<(SslMode, MakeRustlsConnect), CommandError> {
        let (mode, verifies) = match self.mode.as_deref() {
            Some("disable") => (SslMode::Disable, false),
            None | Some("allow" | "prefer") => (SslMode::Prefer, self.roots.is_some()),
            Some("require") => (SslMode::Require, self.roots.is_some()),
            Some("verify-ca" | "verify-full") => (SslMode::Require, true),
            Some(other) => return Err(unknown(other)),
        };
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().map_err(unusable)?;
        let config = if verifies {
            builder.with_root_certificates(self.trusted()?)
        } else {
            let anybody = Arc::new(Anybody(provider));
            builder.dangerous().with_custom_certificate_verifier(anybody)
        };
        Ok((mode, MakeRustlsConnect::new(config.with_no_client_auth())))
    }

    fn trusted(&self) -> Result<RootCertStore, CommandError> {
        let mut trusted = RootCertStore::empty();
        let Some(path) = &self.roots else {
            trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            return Ok(trusted);
        };
        let text = std::fs::read(path).map_err(|error| CommandError::of_file(path, error))?;
        for certificate in CertificateDer::pem_slice_iter(&text) {
            let added = certificate.map_err(|error| error.to_string());
            let added = added.and_then(|one| trusted.add(one).map_err(|error| error.to_string()));
            added.map_err(|error| no_certificates(path, &error))?;
        }
        match trusted.is_empty() {
            true => Err(no_certificates(path, "0")),
            false => Ok(trusted),
        }
    }
}

/// Trusts whoever answers, as `prefer` and `require` of libpq do.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

fn unknown(mode: &str) -> CommandError {
    CommandError::new(
        Exit::Usage,
        Message::with(
            format!("sslmode={mode} bestaat niet"),
            format!("there is no sslmode={mode}"),
        ),
    )
    .hinting(Message::new(
        "kies disable, prefer, require of verify-full",
        "choose disable, prefer, require or verify-full",
    ))
}

fn unusable(error: Error) -> CommandError {
    CommandError::new(
        Exit::Internal,
        Message::new("TLS is hier niet te gebruiken", "TLS cannot be used here"),
    )
    .caused_by(error)
}

fn no_certificates(path: &std::path::Path, why: &str) -> CommandError {
    let path = path.display();
    CommandError::new(
        Exit::Input,
        Message::with(
            format!("{path} bevat geen bruikbare certificaten ({why})"),
            format!("{path} holds no certificates that can be used ({why})"),
        ),
    )
    .hinting(Message::new(
        "geef een bestand in PEM als sslrootcert",
        "give a file in PEM as sslrootcert",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_encryption_is_taken_out_of_an_address() {
        let (rest, wanted) = split("postgres://u@h/d?sslmode=verify-full&connect_timeout=3&sslrootcert=%2Fa.pem");
        assert_eq!(rest, "postgres://u@h/d?connect_timeout=3");
        assert_eq!(wanted.mode.as_deref(), Some("verify-full"));
        assert_eq!(wanted.roots, Some("/a.pem".into()));
        assert_eq!(
            split("postgres://h/d"),
            ("postgres://h/d".to_owned(), Wanted::default())
        );
    }

    #[test]
    fn each_mode_is_known_and_no_other() {
        for (mode, expected) in [
            ("disable", SslMode::Disable),
            ("prefer", SslMode::Prefer),
            ("require", SslMode::Require),
            ("verify-full", SslMode::Require),
        ] {
            let (_, wanted) = split(&format!("postgres://h/d?sslmode={mode}"));
            assert_eq!(wanted.connector().unwrap().0, expected, "{mode}");
        }
        let (_, wanted) = split("postgres://h/d?sslmode=maybe");
        assert_eq!(wanted.connector().err().map(|error| error.exit), Some(Exit::Usage));
        let (_, wanted) = split("postgres://h/d?sslmode=verify-full&sslrootcert=/dev/null");
        assert_eq!(wanted.connector().err().map(|error| error.exit), Some(Exit::Input));
    }
}
