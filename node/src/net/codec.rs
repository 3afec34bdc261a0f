//! The frames of `/leerkring/sync/1`: a length of four bytes, big endian, and that many bytes.
//!
//! Each message has its own stream, so there is nothing to keep between frames. A length above the limit is
//! refused before anything is read; a length below it is not believed either: the buffer grows with what has
//! arrived, so that a lying length costs the liar more bytes than us.
//!
//! **Invariant:** a buffer is at most [`FIRST_STEP_BYTES`] plus twice what arrived, and all of it is inside
//! the budget.

use std::io;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::StreamProtocol;
use libp2p::request_response;

use super::budget::{Budget, Share};
use super::limits::{Limits, REQUESTS_BUDGET_BYTES, RESPONSES_BUDGET_BYTES};

/// The name two nodes agree on; the number changes when the frames do.
pub(crate) const PROTOCOL: StreamProtocol = StreamProtocol::new("/leerkring/sync/1");

/// The first buffer: larger than nearly every request, small enough to give to any stream.
const FIRST_STEP_BYTES: usize = 16 << 10;

/// A payload, and for a received one its share of the budget.
#[derive(Debug)]
pub(crate) struct Parcel {
    pub(crate) bytes: Vec<u8>,
    pub(crate) share: Option<Share>,
}

impl Parcel {
    /// A payload of our own, to be sent.
    pub(crate) fn own(bytes: Vec<u8>) -> Self {
        Self { bytes, share: None }
    }
}

/// Reads and writes frames within the limits.
#[derive(Debug, Clone)]
pub(crate) struct Codec {
    request_bytes_max: usize,
    response_bytes_max: usize,
    requests: Budget,
    responses: Budget,
}

impl Codec {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            request_bytes_max: limits.request_bytes_max,
            response_bytes_max: limits.response_bytes_max,
            requests: Budget::new(REQUESTS_BUDGET_BYTES),
            responses: Budget::new(RESPONSES_BUDGET_BYTES),
        }
    }

    /// Bytes received and not yet taken by the driver.
    pub(crate) fn held_bytes(&self) -> usize {
        self.requests.used_bytes() + self.responses.used_bytes()
    }
}

impl request_response::Codec for Codec {
    type Protocol = StreamProtocol;
    type Request = Parcel;
    type Response = Parcel;

    async fn read_request<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Parcel> {
        read(io, self.request_bytes_max, self.requests.share()).await
    }

    async fn read_response<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Parcel> {
        read(io, self.response_bytes_max, self.responses.share()).await
    }

    async fn write_request<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        request: Parcel,
    ) -> io::Result<()> {
        write(io, self.request_bytes_max, &request.bytes).await
    }

    async fn write_response<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        response: Parcel,
    ) -> io::Result<()> {
        write(io, self.response_bytes_max, &response.bytes).await
    }
}

/// Why a frame was refused. The kind is what the engine goes by: `InvalidData` for a frame that is too large,
/// `OutOfMemory` for a budget that is used up.
#[derive(Debug, thiserror::Error)]
enum FrameError {
    #[error("a frame of {bytes} bytes; at most {bytes_max} are allowed")]
    TooLarge { bytes: usize, bytes_max: usize },
    #[error("too many bytes are waiting already")]
    Budget,
}

impl From<FrameError> for io::Error {
    fn from(error: FrameError) -> Self {
        let kind = match error {
            FrameError::TooLarge { .. } => io::ErrorKind::InvalidData,
            FrameError::Budget => io::ErrorKind::OutOfMemory,
        };
        Self::new(kind, error)
    }
}

async fn read<T: AsyncRead + Unpin>(io: &mut T, bytes_max: usize, mut share: Share) -> io::Result<Parcel> {
    let mut prefix = [0; 4];
    io.read_exact(&mut prefix).await?;
    let length = usize::try_from(u32::from_be_bytes(prefix)).unwrap_or(usize::MAX);
    if length > bytes_max {
        return Err(FrameError::TooLarge {
            bytes: length,
            bytes_max,
        }
        .into());
    }
    let mut bytes = Vec::new();
    while bytes.len() < length {
        let arrived = bytes.len();
        let step = (length - arrived).min(arrived.max(FIRST_STEP_BYTES));
        if !share.grow(step) {
            return Err(FrameError::Budget.into());
        }
        bytes.reserve_exact(step);
        bytes.resize(arrived + step, 0);
        io.read_exact(&mut bytes[arrived..]).await?;
    }
    Ok(Parcel {
        bytes,
        share: Some(share),
    })
}

async fn write<T: AsyncWrite + Unpin>(io: &mut T, bytes_max: usize, bytes: &[u8]) -> io::Result<()> {
    let too_large = FrameError::TooLarge {
        bytes: bytes.len(),
        bytes_max,
    };
    let length = u32::try_from(bytes.len())
        .ok()
        .filter(|_| bytes.len() <= bytes_max)
        .ok_or(too_large)?;
    io.write_all(&length.to_be_bytes()).await?;
    io.write_all(bytes).await?;
    io.flush().await
}

#[cfg(test)]
mod tests;
