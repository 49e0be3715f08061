package org.iommulab.lab.session;

/**
 * The dump under a session.
 *
 * @param source the dump's file, or the name of a sample
 * @param forked whether the commands go on from it; otherwise it is only looked at
 */
public record Ground(String source, boolean forked) {}
