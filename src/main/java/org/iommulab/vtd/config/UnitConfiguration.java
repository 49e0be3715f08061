package org.iommulab.vtd.config;

import java.util.EnumSet;
import java.util.Set;
import org.iommulab.vtd.layout.CapabilityLayout;

/**
 * How a unit is built.
 *
 * @param profile name of the profile it was made from
 * @param capabilities what it says it can do
 * @param quirks where it departs from the architecture
 * @param tagging what its IOTLB entries are tagged with
 * @param iotlb shape of the IOTLB
 * @param contextCache shape of the context cache
 * @param pasidCache shape of the PASID cache
 * @param pagingCache shape of the paging-structure cache
 * @param interruptCache shape of the interrupt-entry cache
 * @param seed for random replacement
 */
public record UnitConfiguration(
    String profile,
    Capabilities capabilities,
    Set<Quirk> quirks,
    Tagging tagging,
    CacheGeometry iotlb,
    CacheGeometry contextCache,
    CacheGeometry pasidCache,
    CacheGeometry pagingCache,
    CacheGeometry interruptCache,
    long seed) {

  /** What IOTLB entries are tagged with. */
  public enum Tagging {
    /** Domain id and PASID: devices of a domain share entries; the context entry comes first. */
    DOMAIN,
    /** Requester id and PASID; without PASIDs the IOTLB is asked before the context entry. */
    REQUESTER
  }

  public UnitConfiguration {
    quirks = Set.copyOf(quirks);
  }

  /** Tells whether it has that quirk. */
  public boolean has(Quirk quirk) {
    return quirks.contains(quirk);
  }

  /** Tells whether absent and broken entries are kept in caches: caching mode, taken seriously. */
  public boolean cachesFaults() {
    return capabilities.has(CapabilityLayout.CM) && !has(Quirk.FAULTS_ARE_NEVER_CACHED);
  }

  /** The same with one more quirk. */
  public UnitConfiguration with(Quirk quirk) {
    var more = EnumSet.of(quirk);
    more.addAll(quirks);
    return new UnitConfiguration(
        profile,
        capabilities,
        more,
        tagging,
        iotlb,
        contextCache,
        pasidCache,
        pagingCache,
        interruptCache,
        seed);
  }

  /** The same with another IOTLB. */
  public UnitConfiguration withIotlb(CacheGeometry geometry) {
    return new UnitConfiguration(
        profile,
        capabilities,
        quirks,
        tagging,
        geometry,
        contextCache,
        pasidCache,
        pagingCache,
        interruptCache,
        seed);
  }

  /** The same with another context cache. */
  public UnitConfiguration withContextCache(CacheGeometry geometry) {
    return new UnitConfiguration(
        profile,
        capabilities,
        quirks,
        tagging,
        iotlb,
        geometry,
        pasidCache,
        pagingCache,
        interruptCache,
        seed);
  }

  /** The same with another PASID cache. */
  public UnitConfiguration withPasidCache(CacheGeometry geometry) {
    return new UnitConfiguration(
        profile,
        capabilities,
        quirks,
        tagging,
        iotlb,
        contextCache,
        geometry,
        pagingCache,
        interruptCache,
        seed);
  }

  /** The same with another paging-structure cache. */
  public UnitConfiguration withPagingCache(CacheGeometry geometry) {
    return new UnitConfiguration(
        profile,
        capabilities,
        quirks,
        tagging,
        iotlb,
        contextCache,
        pasidCache,
        geometry,
        interruptCache,
        seed);
  }

  /** The same with another interrupt-entry cache. */
  public UnitConfiguration withInterruptCache(CacheGeometry geometry) {
    return new UnitConfiguration(
        profile,
        capabilities,
        quirks,
        tagging,
        iotlb,
        contextCache,
        pasidCache,
        pagingCache,
        geometry,
        seed);
  }

  /** The same with other capabilities. */
  public UnitConfiguration withCapabilities(Capabilities newCapabilities) {
    return new UnitConfiguration(
        profile,
        newCapabilities,
        quirks,
        tagging,
        iotlb,
        contextCache,
        pasidCache,
        pagingCache,
        interruptCache,
        seed);
  }

  /** The same with another seed. */
  public UnitConfiguration withSeed(long newSeed) {
    return new UnitConfiguration(
        profile,
        capabilities,
        quirks,
        tagging,
        iotlb,
        contextCache,
        pasidCache,
        pagingCache,
        interruptCache,
        newSeed);
  }
}
