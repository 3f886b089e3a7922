mod log_in;
mod log_out;
mod refresh;
