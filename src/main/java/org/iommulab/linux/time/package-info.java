/**
 * Kernel timers on virtual time: nothing happens by itself, only when somebody lets time pass. May
 * import nothing of the laboratory.
 */
package org.iommulab.linux.time;
