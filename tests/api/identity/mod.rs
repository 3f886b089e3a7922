mod email;
mod log_in;
mod log_out;
mod passwords;
mod record_accesses;
mod refresh;
mod register;
mod sessions;
