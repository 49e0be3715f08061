package org.iommulab.vtd.translate;

/** What the latched table mode makes of DMA. Source: vtd.md 4.1. */
public enum TableMode {
  LEGACY,
  SCALABLE,
  ABORT,
  INVALID
}
