package org.iommulab.linux.boot.choice;

/**
 * One decision.
 *
 * @param subject what is decided, such as {@code invalidation}
 * @param chosen the outcome
 * @param why what made it so
 */
public record Reason(String subject, String chosen, String why) {}
