/* A shared object that is no plugin at all. */
int mx_subject_of_nothing(void);
int mx_subject_of_nothing(void) { return 0; }
