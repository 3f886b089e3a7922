drop table saved_lists;
