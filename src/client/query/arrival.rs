//! Records on their way from the nodes to the reader.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use aerospike_core as core;
use core::query::{PartitionFilter, QueryHandle, RecordStream};
use core::{Record, Result};
use futures_util::future::BoxFuture;
use futures_util::task::AtomicWaker;
use futures_util::{FutureExt, Stream};
use tokio::sync::{Semaphore, mpsc};

/// Records as they arrive.
pub enum Arrival {
    /// Each counts as read when it is taken, so that a reader may stop at any of them. When nodes
    /// come or go meanwhile, records that were not taken yet come again.
    Counted(RecordStream),
    /// Each comes once, whatever becomes of the nodes, and counts as read when it arrives.
    Once(Once),
}

/// What the nodes and the reader share.
pub struct Gate {
    /// A permit for each record that may arrive before others are taken. Closed when nobody wants
    /// any more.
    room: Semaphore,
    reader: AtomicWaker,
}

pub struct Once {
    gate: Arc<Gate>,
    records: mpsc::UnboundedReceiver<Result<Record>>,
    /// Resolves when no more will arrive.
    ending: Option<BoxFuture<'static, QueryHandle>>,
    ended: Option<QueryHandle>,
}

impl Gate {
    /// Room for so many records that wait to be taken.
    pub fn new(room: usize) -> Self {
        let room = room.clamp(1, Semaphore::MAX_PERMITS);
        Self { room: Semaphore::new(room), reader: AtomicWaker::new() }
    }

    pub fn close(&self) {
        self.room.close();
        self.reader.wake();
    }
}

impl Once {
    /// Asks the nodes.
    pub async fn begin(
        client: &core::Client,
        policy: &core::policy::QueryPolicy,
        partitions: PartitionFilter,
        statement: core::Statement,
        gate: &Arc<Gate>,
    ) -> Result<Self> {
        let (sender, records) = mpsc::unbounded_channel();
        let held = Arc::clone(gate);
        let put = move |record| {
            let (gate, sender) = (Arc::clone(&held), sender.clone());
            async move {
                let Ok(permit) = gate.room.acquire().await else { return false };
                permit.forget();
                sender.send(record).is_ok()
            }
        };
        let mut handle = client.query_foreach(policy, partitions, statement, put).await?;
        let ending = async move {
            // What it ended with was put among the records.
            let _ = handle.wait().await;
            handle
        };
        Ok(Self { gate: Arc::clone(gate), records, ending: Some(ending.boxed()), ended: None })
    }

    /// How far the records came, once all have been taken.
    pub fn reached(&self) -> Option<PartitionFilter> {
        self.ended.as_ref().and_then(QueryHandle::partition_filter)
    }
}

impl Stream for Once {
    type Item = Result<Record>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        this.gate.reader.register(cx.waker());
        if this.gate.room.is_closed() {
            return Poll::Ready(None);
        }
        loop {
            if let Poll::Ready(record) = this.records.poll_recv(cx) {
                this.gate.room.add_permits(1);
                return Poll::Ready(record);
            }
            let Some(ending) = &mut this.ending else { return Poll::Ready(None) };
            match ending.poll_unpin(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(handle) => (this.ending, this.ended) = (None, Some(handle)),
            }
        }
    }
}

impl Stream for Arrival {
    type Item = Result<Record>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.get_mut() {
            Self::Counted(records) => Pin::new(records).poll_next(cx),
            Self::Once(records) => Pin::new(records).poll_next(cx),
        }
    }
}
