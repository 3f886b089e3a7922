drop table maintenance_windows;
