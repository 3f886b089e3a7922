mod log_in;
mod log_out;
mod passwords;
mod refresh;
mod sessions;
