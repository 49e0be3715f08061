/**
 * Clients from outside the laboratory: real programs whose system calls our kernel layer answers.
 * May import {@code lab} and what lies below it.
 */
package org.iommulab.peer;
