drop table temporary_letters;
drop table letter_batches;
