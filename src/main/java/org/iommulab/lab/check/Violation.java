package org.iommulab.lab.check;

/**
 * Something that does not hold.
 *
 * @param rule which of the rules
 * @param excused it may be so for now: software has not asked for anything else
 * @param text one sentence for a person
 */
public record Violation(Rule rule, boolean excused, String text) {

  /** What must hold. */
  public enum Rule {
    /** No cache grants more than the tables say. */
    CACHES_FOLLOW_TABLES,
    /** Fault records and fault status agree. */
    NO_FAULT_IS_LOST,
    /** Tables that the unit reads belong to somebody. */
    LINKED_FRAMES_ARE_OWNED,
    /** Tables and registers hold nothing that the architecture forbids without a fault. */
    PROGRAMMING_IS_ALLOWED,
    /** The counts of a unit add up. */
    COUNTS_ADD_UP
  }
}
