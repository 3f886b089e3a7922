drop table person_merge_rows;
drop table person_merges;
drop table duplicate_pairs;
