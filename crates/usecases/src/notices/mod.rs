//! Telling people: queueing mail and notices by post in the transaction of their fact, and sending what waits; planned stops;
//! the page of joint use with its poster.

mod deliver;
mod joint_use;
mod maintenance;
mod queue;

pub use deliver::{Delivery, NotSent, deliver_waiting};
pub use joint_use::{joint_use_banner, joint_use_poster};
pub use maintenance::{
    MaintenanceDesk, PlanError, ServiceStatus, cancel_maintenance, list_maintenance, plan_maintenance, service_status,
};
pub use queue::{Channel, MailTo, queue_mail, queue_notice};
