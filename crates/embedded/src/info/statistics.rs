//! Statistics of the server, and its configuration, which is fixed.

use super::namespaces::{self, check_namespace};
use super::parameters::Parameters;
use super::{Answer, Refusal};
use crate::server::Shared;

pub fn of_server(shared: &Shared) -> String {
    let objects: u64 = shared.store.namespaces().iter().map(|ns| ns.objects()).sum();
    format!(
        "failed_best_practices=false;cluster_size=1;cluster_key={};cluster_generation=1;\
         cluster_principal={};cluster_integrity=true;cluster_is_member=true;uptime={};\
         objects={objects};tombstones=0",
        shared.node.cluster_key(),
        shared.node.name,
        shared.node.started.elapsed().as_secs(),
    )
}

pub fn config(shared: &Shared, parameters: &Parameters<'_>) -> Answer {
    match parameters.get("context") {
        Some("service") => Ok("cluster-name=null;proto-fd-idle-ms=0".into()),
        Some("network") => {
            let address = shared.node.address;
            Ok(format!("service.port={};service.address={}", address.port(), address.ip()))
        }
        Some("namespace") => {
            let namespace = check_namespace(&shared.store, parameters)?;
            namespaces::statistics(&shared.store, namespace.name())
        }
        _ => Err(Refusal::new(4, "invalid context")),
    }
}

pub fn set_config(shared: &Shared, parameters: &Parameters<'_>) -> Answer {
    match parameters.get("context") {
        Some("namespace") => {
            check_namespace(&shared.store, parameters)?;
        }
        Some("service" | "network") => {}
        _ => return Err(Refusal::new(4, "invalid context")),
    }
    Err(Refusal::new(4, "invalid set-config parameter"))
}
