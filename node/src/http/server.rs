//! The server itself: where it listens, what it lets in, how it stops.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use protocol::api::{self, Lang, Message, ProblemKind, Scope};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::answer::Told;
use super::asked::lang_of;
use super::listener::Bounded;
use super::routes::{Needs, table};
use super::turns::Turns;
use super::{Backend, Door, Failure};

/// Where the API listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Address and port; port 0 takes a free one.
    pub address: SocketAddr,
    /// The reverse proxy that stands in front and speaks TLS, by name or address. Without one only loopback is allowed, and
    /// with one no other machine is answered.
    pub proxy: Option<String>,
}

/// How much the API takes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Questions to the backend at once.
    pub questions: usize,
    /// How long a question waits for its turn.
    pub wait: Duration,
    /// How long an answer may take.
    pub answer: Duration,
    /// How long a connection may stay silent; longer than an answer may take.
    pub idle: Duration,
    /// Bytes of a body.
    pub body_bytes_max: usize,
    /// Bytes of a body that is a charter.
    pub charter_bytes_max: usize,
}

/// How long who wrote something waits at most until it can be read: a little longer than a backend that works does.
const SHOWN_MAX: Duration = Duration::from_secs(6);

/// Questions to the backend at once; each takes a thread that may block.
pub const QUESTIONS_MAX: usize = 8;

/// Long answers that wait to be read, at once.
const SENDING_MAX: usize = 16;

/// Exports at once: each reads every table, and takes the disk of the node for as long as it is read.
const EXPORTS_MAX: usize = 2;

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            questions: QUESTIONS_MAX,
            wait: Duration::from_secs(5),
            answer: Duration::from_secs(120),
            idle: Duration::from_secs(150),
            body_bytes_max: api::BODY_BYTES_MAX,
            charter_bytes_max: api::CHARTER_BYTES_MAX,
        }
    }
}

/// Why the API does not run.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address is open to others and nobody stands in front of it.
    #[error("{address} is not a loopback address and no reverse proxy is named")]
    NotLoopback {
        /// The address as configured.
        address: SocketAddr,
    },
    /// Nobody can say which machine the reverse proxy is.
    #[error("the reverse proxy {name:?} has no address")]
    Proxy {
        /// The name as configured.
        name: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Somebody else listens there.
    #[error("{address} is in use")]
    InUse {
        /// The address as configured.
        address: SocketAddr,
    },
    /// The system refuses.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address as configured.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The server broke down while running.
    #[error("the API stopped")]
    Stopped(#[source] io::Error),
}

/// A server that has its address and does not answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    limits: Limits,
    /// Who may connect besides this machine; nothing when nobody else can.
    proxy: Vec<IpAddr>,
}

impl Server {
    /// Takes the address.
    ///
    /// # Errors
    /// [`HttpError`] when the address may not or cannot be taken.
    pub async fn bind(place: &Place, limits: Limits) -> Result<Self, HttpError> {
        let address = place.address;
        if !address.ip().is_loopback() && place.proxy.is_none() {
            return Err(HttpError::NotLoopback { address });
        }
        let proxy = match &place.proxy {
            Some(name) => addresses_of(name).await?,
            None => Vec::new(),
        };
        let bound = TcpListener::bind(address).await;
        let listener = bound.map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => HttpError::InUse { address },
            _ => HttpError::Bind { address, source },
        })?;
        let bound = listener.local_addr();
        Ok(Self {
            address: bound.map_err(|source| HttpError::Bind { address, source })?,
            listener,
            limits,
            proxy,
        })
    }

    /// The address, with the port that was taken.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is ready; questions that are being answered then are finished.
    ///
    /// # Errors
    /// [`HttpError::Stopped`] when the server breaks down.
    pub async fn run(
        self,
        backend: Arc<dyn Backend>,
        door: Door,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), HttpError> {
        let listener = Bounded::new(self.listener, self.proxy, self.limits.connections, self.limits.idle);
        let router = router(Api::new(backend, door, self.limits));
        let serving = axum::serve(listener, router).with_graceful_shutdown(stop);
        serving.await.map_err(HttpError::Stopped)
    }
}

async fn addresses_of(name: &str) -> Result<Vec<IpAddr>, HttpError> {
    let failed = |source| HttpError::Proxy {
        name: name.to_owned(),
        source,
    };
    let found = tokio::net::lookup_host((name, 0)).await.map_err(failed)?;
    // An IPv4 address comes in as an IPv6 one where the node listens on both.
    let addresses: Vec<IpAddr> = found.map(|address| address.ip().to_canonical()).collect();
    match addresses.is_empty() {
        true => Err(failed(io::ErrorKind::NotFound.into())),
        false => Ok(addresses),
    }
}

/// What every handler has at hand.
#[derive(Clone)]
pub(super) struct Api {
    backend: Arc<dyn Backend>,
    door: Arc<Door>,
    /// What every route needs, by method and path.
    needs: Arc<BTreeMap<(&'static str, &'static str), Needs>>,
    turns: Arc<Semaphore>,
    /// Whose turn it is to ask in SQL.
    sql: Arc<Turns>,
    /// Places for answers that are longer than a connection holds.
    sending: Arc<Semaphore>,
    /// Places for exports.
    exports: Arc<Semaphore>,
    pub(super) limits: Arc<Limits>,
}

impl Api {
    fn new(backend: Arc<dyn Backend>, door: Door, limits: Limits) -> Self {
        let routes = table().routes.into_iter();
        Self {
            backend,
            door: Arc::new(door),
            needs: Arc::new(routes.map(|(method, path, needs)| ((method, path), needs)).collect()),
            turns: Arc::new(Semaphore::new(limits.questions)),
            sql: Arc::new(Turns::default()),
            sending: Arc::new(Semaphore::new(SENDING_MAX)),
            exports: Arc::new(Semaphore::new(EXPORTS_MAX)),
            limits: Arc::new(limits),
        }
    }

    async fn turn(&self, lang: Lang) -> Result<OwnedSemaphorePermit, Told> {
        let turn = timeout(self.limits.wait, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| Told::of(Failure::Busy, lang))?;
        Ok(turn.expect("the semaphore is never closed"))
    }

    /// Whose turn it is to ask in SQL.
    pub(super) fn sql(&self) -> &Arc<Turns> {
        &self.sql
    }

    /// A place for a long answer; nothing when all are taken by answers that nobody reads.
    pub(super) fn place_to_send(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.sending).try_acquire_owned().ok()
    }

    /// A place for an export; nothing when all are taken.
    pub(super) fn place_to_export(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.exports).try_acquire_owned().ok()
    }

    /// The tokens that open the API.
    pub(super) fn door(&self) -> Arc<Door> {
        Arc::clone(&self.door)
    }

    /// What a request needs; nothing when there is no such route.
    fn needs_of(&self, request: &Request) -> Option<Needs> {
        let path = request.extensions().get::<MatchedPath>()?;
        let method = match *request.method() {
            Method::GET | Method::HEAD => "get",
            Method::POST => "post",
            Method::PUT => "put",
            _ => "",
        };
        self.needs.get(&(method, path.as_str())).copied()
    }

    /// Why this request is not let in; who asks is written into one that is. What is not routed is told to whoever has a token.
    fn refuse(&self, request: &mut Request, lang: Lang) -> Option<Told> {
        let needs = self.needs_of(request);
        if needs.is_some_and(<[_]>::is_empty) {
            return None;
        }
        let Some(holder) = self.door.holder(request.headers()) else {
            return Some(no_access(lang));
        };
        let short = needs.filter(|needs| !holder.may(needs));
        request.extensions_mut().insert(holder);
        short.map(|needs| not_for_this(needs, lang))
    }

    /// Whether a request may write something that is read over the API.
    fn writes(&self, request: &Request) -> bool {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        !reads
            && self
                .needs_of(request)
                .is_some_and(|needs| !needs.contains(&Scope::Lezen))
    }

    async fn shown(&self) {
        let backend = Arc::clone(&self.backend);
        // One that panics has written all the same.
        let _ = tokio::task::spawn_blocking(move || backend.shown()).await;
    }

    /// Whether the parts of the node work.
    pub(super) fn health(&self) -> api::Health {
        self.backend.health()
    }

    /// Asks the backend on a thread that may block, and waits for the answer.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        lang: Lang,
        question: impl FnOnce(&dyn Backend) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Told> {
        let turn = self.turn(lang).await?;
        self.apart(lang, move |backend| {
            let _turn = turn;
            question(backend)
        })
        .await
    }

    /// The same for what has a queue of its own, so that nobody else waits behind it.
    pub(super) async fn apart<T: Send + 'static>(
        &self,
        lang: Lang,
        question: impl FnOnce(&dyn Backend) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Told> {
        let backend = Arc::clone(&self.backend);
        let asking = tokio::task::spawn_blocking(move || question(&*backend));
        // A backend that panics has failed this question only.
        let outcome = asking.await.unwrap_or_else(|panic| Err(Failure::internal(panic)));
        outcome.map_err(|failure| Told::of(failure, lang))
    }

    /// Starts something that has a place of its own on a thread that may block; it says itself what becomes of it.
    pub(super) fn beside(&self, work: impl FnOnce(&dyn Backend) + Send + 'static) {
        let backend = Arc::clone(&self.backend);
        tokio::task::spawn_blocking(move || work(&*backend));
    }

    /// Starts something on a thread that may block; it says itself what becomes of it.
    pub(super) async fn start(&self, lang: Lang, work: impl FnOnce(&dyn Backend) + Send + 'static) -> Result<(), Told> {
        let turn = self.turn(lang).await?;
        let backend = Arc::clone(&self.backend);
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&*backend);
        });
        Ok(())
    }
}

/// Every route, and around all of them the guard.
fn router(api: Api) -> Router {
    let routes = table()
        .router
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method);
    routes
        .layer(middleware::from_fn_with_state(api.clone(), guard))
        .with_state(api)
}

/// Before every answer: asks for a token that is for it, keeps the time, signs with the version, and logs without content.
async fn guard(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let lang = lang_of(request.headers());
    let method = request.method().clone();
    let mut response = match api.refuse(&mut request, lang) {
        Some(refused) => refused.into_response(),
        None => {
            let writes = api.writes(&request);
            let answer = timeout(api.limits.answer, next.run(request)).await;
            let answer = answer.unwrap_or_else(|_| too_late(lang).into_response());
            // Whoever wrote reads it back: questions themselves do not wait. What ends in a conflict or a fault may have written too.
            let status = answer.status();
            if writes && (!status.is_client_error() || status == StatusCode::CONFLICT) {
                let _ = timeout(SHOWN_MAX, api.shown()).await;
            }
            answer
        }
    };
    let headers = response.headers_mut();
    headers.insert("api-version", HeaderValue::from_static(api::VERSION));
    headers.insert("cache-control", HeaderValue::from_static("no-store"));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(%method, status = response.status().as_u16(), took_ms, "answered");
    response
}

/// A path with a slash at its end is no path either: leading on from it would give one thing two names.
async fn not_found(uri: Uri, headers: HeaderMap) -> Told {
    let lang = lang_of(&headers);
    let detail = Message::new("dit pad bestaat niet", "there is no such path");
    let hint = match uri.path().ends_with('/') {
        true => Message::new(
            "laat de schuine streep aan het einde weg",
            "leave the slash at the end out",
        ),
        false => Message::new(
            "/v1/openapi.json beschrijft wat er is",
            "/v1/openapi.json describes what there is",
        ),
    };
    Told::new(ProblemKind::NietGevonden, lang, &detail).hinting(lang, &hint)
}

async fn wrong_method(headers: HeaderMap) -> Told {
    let lang = lang_of(&headers);
    let detail = Message::new("dit pad kent deze methode niet", "this path does not take this method");
    let hint = Message::new("de header Allow zegt welke wel", "the header Allow says which it takes");
    Told::new(ProblemKind::Methode, lang, &detail).hinting(lang, &hint)
}

fn too_late(lang: Lang) -> Told {
    let detail = Message::new("het antwoord duurde te lang", "the answer took too long");
    Told::new(ProblemKind::TeLaat, lang, &detail)
}

fn no_access(lang: Lang) -> Told {
    let detail = Message::new("het token ontbreekt of klopt niet", "the token is missing or wrong");
    let hint = Message::new(
        "stuur de inhoud van api.token, of een token van leerkring token new, mee als Authorization: Bearer",
        "send the content of api.token, or a token of leerkring token new, as Authorization: Bearer",
    );
    Told::new(ProblemKind::Toegang, lang, &detail).hinting(lang, &hint)
}

fn not_for_this(needs: Needs, lang: Lang) -> Told {
    let names: Vec<_> = needs.iter().map(|scope| scope.name()).collect();
    let detail = Message::with(
        format!("dit token is hier niet voor; nodig is {}", names.join(" of ")),
        format!("this token is not for this; it takes {}", names.join(" or ")),
    );
    let hint = Message::new(
        "wie de node beheert maakt een ander met leerkring token new --scope",
        "who looks after the node makes another with leerkring token new --scope",
    );
    Told::new(ProblemKind::NietBevoegd, lang, &detail).hinting(lang, &hint)
}
