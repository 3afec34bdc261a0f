//! Events on their way to the driver.
//!
//! See the laws of back-pressure in the module above: the queue here is what lets the engine never wait.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use super::event::{Delivery, Event};
use super::limits::{NOTICES_MAX, OUTBOX_EVENTS_MAX, OUTBOX_REQUESTS_MAX};

/// The queue before the channel to the driver.
#[derive(Debug)]
pub(crate) struct Outbox {
    queue: VecDeque<Delivery>,
    driver: mpsc::Sender<Delivery>,
    lost: u64,
}

impl Outbox {
    pub(crate) fn new(driver: mpsc::Sender<Delivery>) -> Self {
        Self {
            queue: VecDeque::new(),
            driver,
            lost: 0,
        }
    }

    /// An event that holds no budget.
    pub(crate) fn put(&mut self, event: Event) {
        self.put_delivery(Delivery { event, share: None });
    }

    pub(crate) fn put_delivery(&mut self, delivery: Delivery) {
        if self.queue.len() < NOTICES_MAX {
            self.queue.push_back(delivery);
        } else {
            self.lost += 1;
        }
    }

    /// Hands over the oldest event once there is one; `false` when the driver is gone. May be dropped and called
    /// again: an event leaves the queue only when its place in the channel is certain.
    pub(crate) async fn deliver(&mut self) -> bool {
        if self.queue.is_empty() {
            self.driver.closed().await;
            return false;
        }
        let Ok(place) = self.driver.reserve().await else {
            return false;
        };
        if let Some(delivery) = self.queue.pop_front() {
            place.send(delivery);
        }
        true
    }

    /// Whether a request of a peer may still be put.
    pub(crate) fn takes_requests(&self) -> bool {
        self.queue.len() < OUTBOX_REQUESTS_MAX
    }

    /// Whether the sockets may still be read.
    pub(crate) fn takes_events(&self) -> bool {
        self.queue.len() < OUTBOX_EVENTS_MAX
    }

    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }
}
