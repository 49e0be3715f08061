/** What must hold at any time in a machine and its kernel, and what does not hold now. */
package org.iommulab.lab.check;
