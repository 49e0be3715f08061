/**
 * Clients from outside the laboratory: real programs whose system calls our kernel layer answers.
 * May import nothing of the laboratory.
 */
package org.iommulab.peer;
