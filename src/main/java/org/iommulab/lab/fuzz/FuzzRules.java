package org.iommulab.lab.fuzz;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.iommulab.bus.DmaAccess;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.UnitCounters;

/**
 * What must hold after every step, told as a sentence where it does not: a request caches only what
 * the tables say, every refusal leaves a record or a reason why not, and the counts add up.
 */
final class FuzzRules {

  /** An entry as it is recognised again; its age and place may change. */
  record Identity(
      CacheLine.Cache cache, int source, int domain, int pasid, long page, long frame, int rights) {

    static Identity of(CacheLine line) {
      return new Identity(
          line.cache(),
          line.source(),
          line.domain(),
          line.pasid(),
          line.page(),
          line.frame(),
          line.rights());
    }
  }

  private final Driver driver;
  private final RemappingUnit unit;
  private final boolean collapses;

  FuzzRules(Driver driver, boolean collapses) {
    this.driver = driver;
    this.collapses = collapses;
    unit = driver.unit;
  }

  private Stream<CacheLine> lines() {
    return Stream.of(unit.iotlb(), unit.contextCache(), unit.pasidCache()).flatMap(l -> l.stream());
  }

  /** The entries that differ from the tables: to be taken before a request. */
  Set<Identity> stale() {
    var stale = new HashSet<Identity>();
    lines().filter(unit::grantsTooMuch).map(Identity::of).forEach(stale::add);
    return stale;
  }

  /**
   * A request cannot make an entry that grants what the tables do not, unless it was led there by
   * context or PASID entries that were stale already.
   */
  Optional<String> cachedOnlyWhatTablesSay(Set<Identity> staleBefore) {
    boolean misled = staleBefore.stream().anyMatch(id -> id.cache() != CacheLine.Cache.IOTLB);
    if (misled || !unit.configuration().pagingCache().isNone()) {
      return Optional.empty();
    }
    return lines()
        .filter(unit::grantsTooMuch)
        .filter(line -> !staleBefore.contains(Identity.of(line)))
        .findFirst()
        .map(line -> "the request made a cached entry that the tables do not back: " + line);
  }

  /** After an invalidation no entry is left that it names. */
  Optional<String> nothingLeft(Stream<CacheLine> named, String command) {
    return named
        .findFirst()
        .map(
            line -> String.format(Locale.ROOT, "%s left a cached entry behind: %s", command, line));
  }

  /** A refused request has a record, or a reason why not. */
  Optional<String> faultIsKept(DmaAccess access, Translation answer, boolean hadOverflowed) {
    if (!(answer instanceof Translation.Blocked blocked)) {
      return Optional.empty();
    }
    int source = access.source().value();
    if (blocked.recorded()) {
      return driver.hasRecord(source, blocked.reason().code(), access.address())
          ? Optional.empty()
          : Optional.of(
              String.format(
                  Locale.ROOT, "%s is said to be recorded, but no record says so", blocked));
    }
    boolean excused =
        blocked.cached()
            || blocked.suppressed()
            || hadOverflowed
            || driver.hasOverflowed()
            || (collapses && driver.hasRecordOf(source))
            || access.type() == DmaAccess.AddressType.TRANSLATION_REQUEST;
    return excused
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT, "%s of %s has no record and no reason why not", blocked, access));
  }

  Optional<String> countsAddUp() {
    UnitCounters c = unit.counters();
    boolean sane =
        c.iotlbHits() + c.iotlbMisses() <= c.requests()
            && c.contextHits() + c.contextMisses() <= c.requests()
            && c.faults() <= c.requests() + c.interrupts();
    return sane ? Optional.empty() : Optional.of("the counters do not add up: " + c);
  }
}
