package org.iommulab.vtd;

/** What the latched table mode makes of DMA. Source: vtd.md 4.1. */
enum TableMode {
  LEGACY,
  SCALABLE,
  ABORT,
  INVALID
}
