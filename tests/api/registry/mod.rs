mod get_person;
mod list_memberships;
mod look_up_person;
mod members;
mod reference_data;
mod search_facilities;
