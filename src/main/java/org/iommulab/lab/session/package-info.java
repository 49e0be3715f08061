/**
 * The session on disk while it lasts: a file that only grows, and what can be read back from one
 * that a program left behind. May import {@code lab}, {@code lab.language} and {@code words}.
 */
package org.iommulab.lab.session;
