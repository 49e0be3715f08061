/**
 * Paths into the state of a laboratory, such as {@code pte(nic,0x1000)}, what they have, and how
 * that is compared. May import {@code lab.check}, {@code lab.machine} and the floors below.
 */
package org.iommulab.lab.expect;
