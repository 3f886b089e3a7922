drop table export_lost_cells;
drop table exports;
