#ifndef SLUICE_PAGES_H
#define SLUICE_PAGES_H

/// The size of a page of ``sluice_page_take``, and what it is aligned to.
#define SLUICE_PAGE_BYTES 4096

/// A page of zeros or of what was in it before; NULL where the system has no memory.
///
/// Pages come out of regions of 2 MiB for which the system is asked for huge pages: a large table that is made of them is
/// reached through a few entries of the processor's address cache, where small pages would miss it with every look.
void *_Nullable sluice_page_take(void);

/// Gives a page back, to be taken again; the region stays the process's.
void sluice_page_give(void *_Nonnull page);

#endif
