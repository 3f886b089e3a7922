mod joint_use;
mod maintenance;
mod smtp;
